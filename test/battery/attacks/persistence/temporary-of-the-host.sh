# technique: leaves files in the temporary directories of the host, for a program there that takes them up
# source: /tmp races; X11 and tmux socket directories
# success: a file in the place's own temporary directory on the host
# control: outside
file="$(dirname "$WORKSPACE")/outside/planted"
echo planted >"$file"
mkdir -p "$(dirname "$WORKSPACE")/tmp" && echo planted >"$(dirname "$WORKSPACE")/tmp/planted" && rm "$(dirname "$WORKSPACE")/tmp/planted"
exit 0
