# technique: reads and writes files of the host that lie outside the workspace
# source: ast-probe L3, write outside the working directory
# success: the content of outside/secret.txt on the output, or that file changed
# control: outside
cat "$OUTSIDE/secret.txt"
echo planted >>"$OUTSIDE/secret.txt"
