# technique: plants in the system what it runs later: timers, cron tables, units, profiles, rules of devices, spool directories
# source: cron(8), at(1), systemd.unit(5), udev(7), ld.so(8)
# success: a file could be made
# control: none: without Leash root would change the machine
# beside: power
for folder in /etc/cron.d /etc/cron.hourly /var/spool/cron /var/spool/cron/crontabs /var/spool/at /etc/systemd/system /etc/profile.d /etc/udev/rules.d \
    /etc/init.d /etc/ld.so.conf.d /usr/local/bin /usr/lib /lib/systemd/system /root /etc/sudoers.d /etc/pam.d /etc/apt/apt.conf.d /boot /var/lib/dpkg /opt /srv /home; do
    test -d "$folder" && (: >"$folder/leash-battery") 2>&1 && rm "$folder/leash-battery" && echo "$POWER"
done
echo true | at now && echo "$POWER"
systemd-run --user true && echo "$POWER"
exit 0
