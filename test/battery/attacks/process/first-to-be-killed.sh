# technique: makes a process of the host the first to be ended when memory runs out
# source: proc_pid_oom_score_adj(5)
# success: another OOM adjustment of the neighbour on the host
# control: outside
# beside: neighbour
echo 777 >"/proc/$NEIGHBOUR/oom_score_adj"
