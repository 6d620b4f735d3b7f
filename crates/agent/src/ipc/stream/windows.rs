#![allow(unsafe_code)]

use crate::ipc::ServerError;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{ptr, thread};
use stillyou_desktop_os::owner::is_own;
use stillyou_desktop_os::user::user_id;
use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_BROKEN_PIPE, ERROR_IO_PENDING, ERROR_OPERATION_ABORTED, ERROR_PIPE_BUSY,
    ERROR_PIPE_CONNECTED, ERROR_PIPE_NOT_CONNECTED, GetLastError, HANDLE, INVALID_HANDLE_VALUE, LocalFree, TRUE,
    WAIT_TIMEOUT,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_FIRST_PIPE_INSTANCE, FILE_FLAG_OVERLAPPED, PIPE_ACCESS_DUPLEX, ReadFile, SECURITY_IDENTIFICATION,
    WriteFile,
};
use windows_sys::Win32::System::IO::{CancelIoEx, GetOverlappedResult, OVERLAPPED};
use windows_sys::Win32::System::Pipes::{
    ConnectNamedPipe, CreateNamedPipeW, GetNamedPipeServerProcessId, PIPE_READMODE_BYTE, PIPE_REJECT_REMOTE_CLIENTS,
    PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, PIPE_WAIT,
};
use windows_sys::Win32::System::Threading::{CreateEventW, INFINITE, WaitForSingleObject};
use windows_sys::core::BOOL;

/// What the system keeps of a pipe that isn't read yet, in bytes; more waits with the writer.
const BUFFER_BYTES: u32 = 64 * 1024;
/// How long a client waits for the agent to listen again, and how often it tries.
const BUSY: (Duration, Duration) = (Duration::from_secs(2), Duration::from_millis(20));

/// A connection: one end of a named pipe.
pub struct Stream {
    pipe: OwnedHandle,
    /// Signalled when a transfer is over.
    over: OwnedHandle,
    patience_ms: u32,
}

impl Stream {
    /// Connects to the agent whose pipe is `path`. A pipe that another user made is refused, and whoever made it may
    /// ask who we are but not act as us.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let begun = Instant::now();
        let pipe = loop {
            let open = OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(FILE_FLAG_OVERLAPPED)
                .security_qos_flags(SECURITY_IDENTIFICATION)
                .open(path);
            match open {
                Err(e) if e.raw_os_error() == Some(ERROR_PIPE_BUSY as i32) && begun.elapsed() < BUSY.0 => {
                    thread::sleep(BUSY.1);
                }
                open => break OwnedHandle::from(open?),
            }
        };
        if !is_own(&pipe)? {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the pipe belongs to another user"));
        }
        Self::over(pipe)
    }

    /// How long to wait for the other side, to read and to write.
    pub fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.patience_ms = u32::try_from(patience.as_millis()).unwrap_or(INFINITE);
        Ok(())
    }

    /// True: the access list lets nobody else connect, and the pipe refuses other machines.
    pub fn is_same_user(&self) -> bool {
        true
    }

    fn over(pipe: OwnedHandle) -> io::Result<Self> {
        // SAFETY: no attributes and no name; manual reset, not signalled.
        let event = unsafe { CreateEventW(ptr::null(), TRUE, 0, ptr::null()) };
        if event.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call gave an open handle that is ours to close.
        let over = unsafe { OwnedHandle::from_raw_handle(event) };
        Ok(Self { pipe, over, patience_ms: INFINITE })
    }

    /// Runs one overlapped call to its end, or cancels it when patience is over; gives the bytes moved.
    fn transfer(&self, begin: impl FnOnce(HANDLE, *mut OVERLAPPED) -> BOOL) -> io::Result<usize> {
        let (pipe, over) = (self.pipe.as_raw_handle(), self.over.as_raw_handle());
        let mut call = OVERLAPPED { hEvent: over, ..OVERLAPPED::default() };
        // SAFETY: only reads this thread's last error.
        if begin(pipe, &mut call) == 0 && unsafe { GetLastError() } != ERROR_IO_PENDING {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: both handles are open. `call`, and the buffer that `begin` handed over, stay in place until
        // `GetOverlappedResult` has waited for the end of the call, cancelled or not.
        unsafe {
            let timed_out = WaitForSingleObject(over, self.patience_ms) == WAIT_TIMEOUT;
            if timed_out {
                CancelIoEx(pipe, &call);
            }
            let mut moved = 0;
            if GetOverlappedResult(pipe, &call, &mut moved, TRUE) != 0 {
                return Ok(moved as usize);
            }
            match GetLastError() {
                ERROR_OPERATION_ABORTED if timed_out => Err(io::ErrorKind::TimedOut.into()),
                code => Err(io::Error::from_raw_os_error(code as i32)),
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        let start = buffer.as_mut_ptr();
        // SAFETY: the buffer has this length and is borrowed until the transfer is over.
        match self.transfer(|pipe, call| unsafe { ReadFile(pipe, start, length, ptr::null_mut(), call) }) {
            // The other side has closed its end: the stream is at its own.
            Err(e) if is_closed(&e) => Ok(0),
            result => result,
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        // SAFETY: the bytes have this length and are borrowed until the transfer is over.
        self.transfer(|pipe, call| unsafe { WriteFile(pipe, bytes.as_ptr(), length, ptr::null_mut(), call) })
    }

    /// Nothing is held back on this side.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A pipe that is listened at. One instance always waits, so that nobody else can take the name.
pub struct Listener {
    name: Vec<u16>,
    next: Stream,
}

/// The name is this agent's as long as an instance of the pipe is open, which the listener sees to.
pub struct Claim(());

impl Listener {
    /// Claims the pipe `path` and listens there, for this user alone.
    ///
    /// # Errors
    /// When another agent runs, or another program has taken the name.
    pub fn bind(path: &Path) -> Result<(Self, Claim), ServerError> {
        let name: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
        match instance(&name, FILE_FLAG_FIRST_PIPE_INSTANCE) {
            Ok(next) => Ok((Self { name, next }, Claim(()))),
            Err(e) if e.raw_os_error() == Some(ERROR_ACCESS_DENIED as i32) => Err(taken(path)),
            Err(source) => Err(ServerError::Io { path: path.to_owned(), source }),
        }
    }

    /// Waits for the next connection.
    pub fn accept(&mut self) -> io::Result<Stream> {
        // SAFETY: the transfer keeps `call` until its end.
        match self.next.transfer(|pipe, call| unsafe { ConnectNamedPipe(pipe, call) }) {
            Err(e) if e.raw_os_error() != Some(ERROR_PIPE_CONNECTED as i32) => {
                // Somebody came and left again at once: this instance is used up.
                self.next = instance(&self.name, 0)?;
                Err(e)
            }
            _ => Ok(std::mem::replace(&mut self.next, instance(&self.name, 0)?)),
        }
    }
}

/// A new instance of the pipe, which only this user may use, and only from this machine.
fn instance(name: &[u16], first: u32) -> io::Result<Stream> {
    let user = user_id();
    let rules: Vec<u16> = format!("O:{user}D:P(A;;GA;;;{user})").encode_utf16().chain([0]).collect();
    let mut descriptor: PSECURITY_DESCRIPTOR = ptr::null_mut();
    // SAFETY: the rules end with a zero; `descriptor` may be written, and its size is not asked for.
    let understood = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            rules.as_ptr(),
            SDDL_REVISION_1,
            &mut descriptor,
            ptr::null_mut(),
        )
    };
    if understood == 0 {
        return Err(io::Error::last_os_error());
    }
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: descriptor,
        bInheritHandle: 0,
    };
    // SAFETY: the name ends with a zero; `attributes` holds the descriptor made above, which is freed only afterwards.
    let (pipe, error) = unsafe {
        let pipe = CreateNamedPipeW(
            name.as_ptr(),
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
            PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
            PIPE_UNLIMITED_INSTANCES,
            BUFFER_BYTES,
            BUFFER_BYTES,
            0,
            &attributes,
        );
        let error = io::Error::last_os_error();
        LocalFree(descriptor);
        (pipe, error)
    };
    if pipe == INVALID_HANDLE_VALUE {
        return Err(error);
    }
    // SAFETY: the call gave an open handle that is ours to close.
    Stream::over(unsafe { OwnedHandle::from_raw_handle(pipe) })
}

/// Who has taken the name: another agent of this user, or somebody else.
fn taken(path: &Path) -> ServerError {
    match Stream::connect(path) {
        Ok(other) => {
            let mut pid = 0;
            // SAFETY: the handle is an open pipe; `pid` may be written.
            let told = unsafe { GetNamedPipeServerProcessId(other.pipe.as_raw_handle(), &mut pid) };
            let pid = if told == 0 { "unknown".to_owned() } else { pid.to_string() };
            ServerError::AlreadyRunning { pid, path: path.to_owned() }
        }
        Err(source) => ServerError::Io { path: path.to_owned(), source },
    }
}

fn is_closed(error: &io::Error) -> bool {
    [ERROR_BROKEN_PIPE, ERROR_PIPE_NOT_CONNECTED].iter().any(|code| error.raw_os_error() == Some(*code as i32))
}
