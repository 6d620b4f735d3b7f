mod approver;
mod ledger;
mod memory;
mod rules;
mod steps;
