# technique: looks for the key of the session's certificate authority, to make certificates that every program inside trusts
# source: reference study 4.3 #27; ast-probe, key material
# success: a private key was found where only Leash could have put it
# control: none: without Leash there is no session
# beside: power
for folder in /run /tmp /var/tmp "$HOME" /dev/shm; do
    grep -rlsa 'PRIVATE KEY' "$folder" | grep -v "^$WORKSPACE/" && echo "$POWER"
done
cat /proc/[0-9]*/environ 2>&1 | grep -a 'PRIVATE KEY' && echo "$POWER"
exit 0
