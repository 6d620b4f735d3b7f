//! Talks to security keys over USB (CTAP 2), for the command line and the app. The agent never does.
