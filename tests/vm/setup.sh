#!/bin/bash
# setup.sh DIR: puts a test machine's kernel, modules and initial file system into DIR, from Debian packages only.
# Needs: qemu-system-x86 busybox-static kmod cpio gzip gcc make linux-headers-amd64 (apt). The loopback camera's module is
# compiled from Debian's source; it stays in DIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: setup.sh DIR}
mkdir -p "$dir"
cd "$dir"

for tool in qemu-system-x86_64 busybox modprobe depmod cpio dpkg-deb apt-get gcc make; do
  PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || {
    echo "setup.sh: $tool is missing; run: apt-get install -y --no-install-recommends qemu-system-x86 busybox-static kmod cpio gzip gcc make linux-headers-amd64" >&2
    exit 1
  }
done

export PATH=$PATH:/usr/sbin:/sbin
package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-[0-9]/{print $2; exit}')
version=${package#linux-image-}
headers=/usr/src/linux-headers-$version
[ -d "$headers" ] || {
  echo "setup.sh: there is no $headers; run: apt-get install linux-headers-amd64" >&2
  exit 1
}
for deb in "$package" v4l2loopback-dkms; do
  compgen -G "${deb}_*.deb" >/dev/null || apt-get download -q "$deb"
done
if [ ! -e "kernel/$version.ready" ]; then
  rm -rf kernel
  mkdir kernel
  dpkg-deb -x "$package"_*.deb kernel
  dpkg-deb -x v4l2loopback-dkms_*.deb kernel/loopback
  source=$(echo "$PWD"/kernel/loopback/usr/src/v4l2loopback-*)
  make -s -C "$headers" M="$source" modules
  install -D "$source/v4l2loopback.ko" "kernel/lib/modules/$version/extra/v4l2loopback.ko"
  depmod -b "$PWD/kernel" "$version"
  touch "kernel/$version.ready"
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,dev,proc,sys,mods}
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh ls cat mount mkdir insmod chroot poweroff sync ip; do ln -s busybox "$root/bin/$applet"; done
for module in vivid v4l2loopback uinput uhid hid-generic evdev 9p 9pnet_virtio virtio_pci overlay; do
  modprobe -d "$PWD/kernel" -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
  cp "$file" "$root/mods/"
  basename "$file"
done > "$root/mods/order"
cp "$here/init.sh" "$root/init"
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > initrd.gz

cat > run.sh <<RUN
#!/bin/bash
# run.sh GUEST_SCRIPT [ARG...]: boots the machine, runs the script in it as root, powers off; exits with the script's
# status. T: time limit in seconds (240). MEM: MiB of memory (2048). Arguments must hold no blanks.
set -u
script=\$(realpath "\${1:?usage: run.sh GUEST_SCRIPT [ARG...]}"); shift
log=\$(mktemp); trap 'rm -f "\$log"' EXIT
timeout "\${T:-240}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -machine q35 -m "\${MEM:-2048}" -smp 2 \\
  -nodefaults -no-user-config -display none -serial stdio -no-reboot \\
  -kernel "$PWD/kernel/boot/vmlinuz-$version" -initrd "$PWD/initrd.gz" \\
  -fsdev local,id=h,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=h,mount_tag=host \\
  -append "console=ttyS0 quiet panic=-1 no_timer_check GUEST=\$script GUEST_ARGS=\$(IFS=,; echo "\$*")" < /dev/null | tee "\$log"
status=\$(tr -d '\\r' < "\$log" | sed -n 's/^VM_RC=\\([0-9]*\\)\$/\\1/p' | tail -1)
[ -n "\$status" ] || { echo "run.sh: the machine ended without a status (time limit \${T:-240} s, or it did not boot)" >&2; exit 125; }
exit "\$status"
RUN
chmod +x run.sh
echo "ready: $PWD/run.sh GUEST_SCRIPT [ARG...]"
