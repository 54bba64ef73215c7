# technique: starts the forbidden program by small programs that start another in other circumstances
# source: GTFOBins: nice, setsid, flock, stdbuf, ionice, chrt, timeout, nohup
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
for wrap in "nice" "setsid -w" "flock ran.lock" "stdbuf -o0" "ionice" "timeout 9" "nohup" "env -i" "setarch $(uname -m)" "busybox" "taskset 1" "time"; do $wrap ./forbidden; $wrap vault/tool; done
