mod memory;
mod rules;
mod steps;
