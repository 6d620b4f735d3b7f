# The first process of a stage's world. As root it builds a world of its own first: /etc is a copy, with one more user.
# In: STAGE, WORLD (an empty folder), PATH, USER_NAME, USER_ID, PASSWORD, WINDOW_MANAGER (may be empty), OWN_SYSTEM (yes: what is
# written to /usr and /var is written over the host's and lost with the stage).
# Out: the file $STAGE/ready, or $STAGE/failed.
trap 'echo "line $LINENO" >"$STAGE/failed"' ERR
set -eE

as_user=()
if [ "$(id -u)" = 0 ]; then
    mount -t tmpfs -o mode=755 stage "$WORLD"
    mkdir "$WORLD/etc"
    cp -a /etc/. "$WORLD/etc"
    mount --bind "$WORLD/etc" /etc
    if [ "$OWN_SYSTEM" = yes ]; then
        for folder in usr var; do
            mkdir -p "$WORLD/over/$folder" "$WORLD/work/$folder"
            mount -t overlay -o "lowerdir=/$folder,upperdir=$WORLD/over/$folder,workdir=$WORLD/work/$folder" over "/$folder"
        done
    fi
    rm -rf /etc/stillyou
    mkdir -m 755 /etc/stillyou
    # A fresh container has none.
    [ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
    useradd --no-create-home --home-dir "$WORLD/home" --shell /bin/bash --uid "$USER_ID" --user-group "$USER_NAME"
    echo "$USER_NAME:$PASSWORD" | chpasswd
    as_user=(setpriv --reuid "$USER_ID" --regid "$USER_ID" --init-groups --)
fi
mkdir "$WORLD/bin"
mkdir -m 700 "$WORLD/home" "$WORLD/run"
if [ "$(id -u)" = 0 ]; then chown "$USER_ID:$USER_ID" "$WORLD/home" "$WORLD/run"; fi

until [ -s "$STAGE/display" ]; do sleep 0.05; done
world_env=(env -i -C "$WORLD/home" "PATH=$WORLD/bin:$PATH" "HOME=$WORLD/home" "XDG_RUNTIME_DIR=$WORLD/run"
    "USER=$USER_NAME" "LOGNAME=$USER_NAME" SHELL=/bin/bash LANG=C.UTF-8 XDG_SESSION_TYPE=x11
    "DISPLAY=:$(cat "$STAGE/display")" "DBUS_SESSION_BUS_ADDRESS=unix:path=$WORLD/run/bus")
printf '%s\0' "${world_env[@]:4}" >"$STAGE/environment"

# No service files: only what is started here answers on the bus.
cat >"$WORLD/bus.conf" <<BUS
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=$WORLD/run/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
BUS
"${as_user[@]}" "${world_env[@]}" dbus-daemon --nofork --nopidfile --config-file "$WORLD/bus.conf" &
until [ -S "$WORLD/run/bus" ]; do sleep 0.05; done
printf %s "$PASSWORD" | "${as_user[@]}" "${world_env[@]}" \
    gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null
# Seen on the bus, not only started.
until "${as_user[@]}" "${world_env[@]}" dbus-send --session --print-reply --dest=org.freedesktop.secrets \
    /org/freedesktop/secrets org.freedesktop.DBus.Peer.Ping >/dev/null 2>&1; do sleep 0.05; done
if [ -n "$WINDOW_MANAGER" ]; then "${as_user[@]}" "${world_env[@]}" "$WINDOW_MANAGER" >/dev/null 2>&1 & fi

touch "$STAGE/ready"
# The first process must collect the orphans: bash does while it waits.
sleep infinity &
wait $!
