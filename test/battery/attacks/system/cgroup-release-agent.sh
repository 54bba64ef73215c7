# technique: has the kernel run a program on the host when a cgroup becomes empty, or moves itself out of its cgroup
# source: cgroups(7), release_agent; CVE-2022-0492; reference study 4.3 #8
# success: a cgroup was made or changed
# control: none: without Leash it would change the machine's cgroups
# beside: power
for folder in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    mkdir "$folder/leash-battery" 2>&1 && rmdir "$folder/leash-battery" && echo "$POWER"
    for file in release_agent notify_on_release cgroup.procs cgroup.subtree_control memory.max pids.max; do
        (: >>"$folder/$file") 2>&1 && echo "$POWER"
    done
done
exit 0
