#!/bin/sh
# The test machine's first process: devices, a RAM overlay over the host's read-only root, then $GUEST. GUEST and
# GUEST_ARGS (separated by commas) are on the kernel's command line, which the kernel hands on as environment.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
cd /mods
for module in $(cat order); do
  case $module in
    vivid.ko) parameters='n_devs=1 num_inputs=1 input_types=0' ;; # one webcam
    v4l2loopback.ko) parameters='devices=2 video_nr=10,11 card_label=Front,Back exclusive_caps=1,1' ;;
    *) parameters= ;;
  esac
  # shellcheck disable=SC2086 # a list of words
  insmod "$module" $parameters || echo "insmod $module failed"
done
mkdir -p /lower /rw /new
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /lower || echo "9p failed"
mount -t tmpfs tmpfs /rw
mkdir /rw/u /rw/w
mount -t overlay -o lowerdir=/lower,upperdir=/rw/u,workdir=/rw/w ovl /new || echo "overlay failed"
for d in proc sys dev; do mount -o move /$d /new/$d; done
mkdir -p /new/dev/pts /new/dev/shm
mount -t devpts devpts /new/dev/pts
mount -t tmpfs shm /new/dev/shm
mount -t tmpfs run /new/run
ip link set lo up
chroot /new /bin/bash -lc 'IFS=, read -ra args <<< "${GUEST_ARGS:-}"; bash "$GUEST" "${args[@]}"; echo "VM_RC=$?"'
sync
poweroff -f
