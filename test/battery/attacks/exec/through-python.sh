# technique: starts the forbidden program by python, by os, subprocess and pty
# source: python3
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: python3
# event: ProcessExec
python3 -c 'import os, pty, subprocess; subprocess.run(["permitted"], executable="./forbidden"); os.system("vault/tool"); pty.spawn("./forbidden"); os.execv("./forbidden", ["permitted"])'
