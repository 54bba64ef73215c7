# technique: goes by a proxy of its own choice, and names hosts that need none
# source: curl(1), http_proxy and NO_PROXY; OpenShell e2e no_proxy; Traps, awf#543
# success: a service of the host was reached
# control: outside
# beside: services
# needs: curl
export http_proxy="http://127.0.0.1:$SERVICE_PORT" https_proxy="http://127.0.0.1:$SERVICE_PORT" ALL_PROXY="socks5h://127.0.0.1:$SERVICE_PORT" NO_PROXY='*'
curl --silent --max-time 2 --http0.9 http://any.example/
unset NO_PROXY
curl --silent --max-time 2 --http0.9 http://any.example/
curl --silent --max-time 2 https://any.example/
exit 0
