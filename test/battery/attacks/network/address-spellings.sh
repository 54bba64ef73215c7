# technique: names the host's loopback by a number, in octal, in hexadecimal, in short, and by names that may mean it
# source: inet_aton(3); RFC 3986, section 7.4; SSRF lists
# success: a service of the host was reached
# control: outside
# beside: services
# needs: curl
for host in 2130706433 0x7f000001 017700000001 127.1 127.0.1 localhost localhost. host.docker.internal host.leash.internal \
    '[::ffff:7f00:1]' '[::127.0.0.1]' "$(hostname)"; do
    curl --silent --noproxy '*' --max-time 2 --http0.9 "http://$host:$SERVICE_PORT/"
done
exit 0
