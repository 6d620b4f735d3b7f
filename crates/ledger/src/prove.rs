use crate::checkpoint::Checkpoint;
use crate::merkle::{self, Tree};
use crate::{Hash, Ledger, LedgerError, Proof};

impl Ledger {
    /// Shows that entry `seq` is under the newest signed checkpoint.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`], [`LedgerError::Unsigned`], and as [`Self::entries`].
    pub fn prove(&self, seq: u64) -> Result<Proof, LedgerError> {
        // One transaction, so that entries and checkpoint are of one state.
        let transaction = self.connection.unchecked_transaction().map_err(|e| LedgerError::sqlite(&self.path, e))?;
        self.entry(seq)?;
        let (size, note) =
            self.newest_checkpoint()?.filter(|(size, _)| *size >= seq).ok_or(LedgerError::Unsigned { seq })?;
        let leaves = self.leaves(size)?;
        drop(transaction);
        let damaged = || LedgerError::Damaged {
            path: self.path.clone(),
            what: format!("checkpoint {size} is not that of the entries"),
        };
        let signed = Checkpoint::read(&note).map_err(|_| damaged())?;
        let index = usize::try_from(seq - 1).map_err(|_| damaged())?;
        let path = merkle::inclusion(&leaves, index).ok_or_else(damaged)?;
        if signed.size == size && leaves.into_iter().collect::<Tree>().root() == signed.root {
            Ok(Proof::new(seq, path, note))
        } else {
            Err(damaged())
        }
    }

    /// Shows, to somebody who holds a head or checkpoint of `first` entries, that the ledger with its first `second`
    /// entries grew out of that one: the path of RFC 6962, section 2.1.2, for [`merkle::is_consistent`].
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`] unless `1 <= first <= second` and there are that many; and as [`Self::entries`].
    pub fn prove_growth(&self, first: u64, second: u64) -> Result<Vec<Hash>, LedgerError> {
        let leaves = self.leaves(second)?;
        let path = usize::try_from(first).ok().and_then(|first| merkle::consistency(&leaves, first));
        path.ok_or_else(|| LedgerError::NoEntry { path: self.path.clone(), seq: first })
    }
}
