//! Locking, idle and boot time, the password check and session signals of the desktop.
