# Holds a stage up as long as its standard input is open, then clears everything away. A process of its own, so that
# this happens however the process that wanted the stage ends.
# In: STAGE (its folder), SCREEN (WIDTHxHEIGHTxDEPTH), and what init.sh needs. Out: the process id of the world.
trap : HUP INT TERM
cd /
# Typing that reaches the X server late is another typing: on a busy machine the stage comes first.
if [ "$(id -u)" = 0 ]; then chrt --rr --pid 1 $$ || renice -n -10 $$; fi >/dev/null 2>&1
echo $$ >"$STAGE/guardian"
Xvfb -displayfd 3 -screen 0 "$SCREEN" -nolisten tcp -noreset 3>"$STAGE/display" >"$STAGE/xvfb.log" 2>&1 &
xvfb=$!
if [ "$(id -u)" = 0 ]; then
    # All processes of a process id namespace end with its first.
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
        bash "$STAGE/init.sh" >"$STAGE/init.log" 2>&1 &
else
    setsid bash "$STAGE/init.sh" >"$STAGE/init.log" 2>&1 &
fi
world=$!
echo "$world"
read -r _
if [ "$(id -u)" = 0 ]; then kill -KILL "$world"; else kill -KILL -- "-$world"; fi 2>/dev/null
kill -TERM "$xvfb" 2>/dev/null
wait
rm -rf "$STAGE"
