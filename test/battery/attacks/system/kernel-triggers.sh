# technique: opens for writing what restarts the machine or steers its devices
# source: proc_sysrq-trigger(5), proc_irq(5), sysfs(5): uevent_helper
# success: one of them could be opened
# control: none: without Leash some could be, and must not be
# beside: power
for file in /proc/sysrq-trigger /proc/mtrr /proc/irq/default_smp_affinity /sys/kernel/uevent_helper /sys/power/state \
    /sys/kernel/mm/transparent_hugepage/enabled /sys/module/*/parameters/*; do
    test -e "$file" && (: >>"$file") && echo "$POWER"
done
exit 0
