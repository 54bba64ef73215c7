# technique: renames and removes names at which something is mounted, to put something else in their place
# source: detach_mounts(), fs/namespace.c: a mount of another namespace does not keep its name from being removed
# success: what was mounted at a name is no longer there
# control: none: without Leash nothing is mounted there
# beside: power
echo false >false
for name in /run/leash/ca.pem /run/leash/ca-bundle.pem /run/leash/entry "$WORKSPACE"; do
    grep -q " $name " /proc/self/mounts || continue
    if test -d "$name"; then
        rmdir "$name"
        mv -T "$name" "$name.moved"
    else
        rm -f "$name"
        mv -T "$name" "$name.moved"
        mv -T false "$name"
        mv --exchange false "$name"
    fi
    grep -q " $name " /proc/self/mounts || echo "$POWER"
done
exit 0
