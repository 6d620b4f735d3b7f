use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use stillyou_governance::on_one_line;

/// Writes a line to standard output. A reader that has gone away (`| head`) ends the program quietly.
pub fn line(text: Arguments<'_>) {
    end(writeln!(std::io::stdout(), "{text}"));
}

/// Writes a text as it is, as [`line`] does.
pub fn text(text: &str) {
    end(std::io::stdout().write_all(text.as_bytes()));
}

fn end(written: std::io::Result<()>) {
    match written {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(e) => {
            eprintln!("stillyou: can't write the output: {e}");
            std::process::exit(1)
        }
        Ok(()) => {}
    }
}

/// Something and its name, as a line. The text may be anybody's: no part of it passes for another line.
pub fn fact(name: &str, text: &str) -> String {
    format!("{name:<10} {}", on_one_line(text))
}

/// As `println!`, see [`line`].
macro_rules! say {
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}
pub(crate) use say;
