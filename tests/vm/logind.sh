#!/bin/bash
# logind.sh TEST_BINARY: inside the test machine, boots systemd in a process space of its own, opens a graphical session
# on seat0 for a throw-away user, and runs the session test there:
#     cargo test -p stillyou-desktop-os --test vm_session --no-run          names TEST_BINARY
#     T=500 DIR/run.sh tests/vm/logind.sh TEST_BINARY                        a minute, on busy cores several
# Needs (apt): systemd libpam-systemd dbus xvfb
# xss-lock i3lock xdotool.
set -eu
[ -e /dev/uinput ] || { echo "logind.sh: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
test=${1:?usage: logind.sh TEST_BINARY}
for need in systemd Xvfb xss-lock i3lock xdotool busctl; do
  command -v "$need" >/dev/null || { echo "logind.sh: $need is missing" >&2; exit 1; }
done
[ -e /lib/x86_64-linux-gnu/security/pam_systemd.so ] || { echo "logind.sh: libpam-systemd is missing" >&2; exit 1; }

# The console in front, so that the session counts as active.
vt=$(cat /sys/class/tty/tty0/active)
user=stillyou-vm password='umbrella7'
useradd --create-home --shell /bin/bash "$user"
echo "$user:$password" | chpasswd
grep -q pam_systemd /etc/pam.d/common-session || echo 'session required pam_systemd.so' >> /etc/pam.d/common-session
install -m 755 "$test" /usr/local/bin/session-test
[ -s /etc/machine-id ] || systemd-machine-id-setup >/dev/null

cat > /usr/local/bin/session <<SESSION
#!/bin/bash
Xvfb :7 -screen 0 640x480x24 -nolisten tcp >/dev/null 2>&1 &
for _ in {1..200}; do [ -S /tmp/.X11-unix/X7 ] && break; sleep .1; done
export DISPLAY=:7 STILLYOU_PASSWORD='$password'
timeout 300 session-test --ignored --nocapture
echo \$? > /tmp/session-status
SESSION
chmod 755 /usr/local/bin/session

# The units that a session needs, and none that waits for hardware.
units=/etc/systemd/system
for unit in systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-tmpfiles-clean.timer \
  systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service systemd-sysctl.service \
  systemd-random-seed.service systemd-remount-fs.service systemd-update-utmp.service e2scrub_reap.service \
  systemd-firstboot.service systemd-sysusers.service systemd-binfmt.service getty.target remote-fs.target \
  sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount dev-mqueue.mount; do
  ln -sf /dev/null "$units/$unit"
done
cat > "$units/stillyou-session.service" <<UNIT
[Unit]
Requires=systemd-logind.service dbus.service
After=systemd-logind.service dbus.service systemd-user-sessions.service
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
User=$user
PAMName=login
TTYPath=/dev/$vt
StandardInput=null
StandardOutput=file:/tmp/session-log
StandardError=file:/tmp/session-log
Environment=XDG_SEAT=seat0 XDG_VTNR=${vt#tty} XDG_SESSION_TYPE=x11 XDG_SESSION_CLASS=user
ExecStart=/usr/local/bin/session
TimeoutStartSec=400
UNIT
printf '[Unit]\nRequires=stillyou-session.service\nAfter=stillyou-session.service\nWants=systemd-user-sessions.service\n' \
  > "$units/stillyou.target"

touch /tmp/session-log; chmod 666 /tmp/session-log
# systemd hangs up its console, which would be ours: it gets another.
env -i PATH="$PATH" SYSTEMD_IGNORE_CHROOT=1 unshare --pid --fork --mount --mount-proc /bin/sh -c '
  mount --bind /dev/null /dev/console
  exec /lib/systemd/systemd --system --unit=stillyou.target --show-status=no --log-target=kmsg --log-level=warning
' || true
cat /tmp/session-log
exit "$(cat /tmp/session-status 2>/dev/null || echo 1)"
