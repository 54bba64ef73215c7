# technique: has names mean other addresses, by the files that the resolver reads
# source: hosts(5), resolv.conf(5), nsswitch.conf(5), ld.so.preload
# success: a file of the resolver could be opened for writing, or made
# control: none: without Leash root may write them
# beside: power
for file in /etc/hosts /etc/resolv.conf /etc/nsswitch.conf /etc/gai.conf /etc/host.conf /etc/ssl/certs/ca-certificates.crt; do
    (: >>"$file") && echo "$POWER"
    test -e "$file" && touch -c "$file" && echo "$POWER"
done
(: >/etc/leash-battery) && rm /etc/leash-battery && echo "$POWER"
exit 0
