# technique: runs copies to which bytes that the kernel does not read were added, and one renamed section
# source: content hashes: what is judged is a whole file
# success: the forbidden program ran
# policy: content
# control: permissive
# event: ProcessExec
cp forbidden innocent && ./innocent
cp forbidden other && ln -s other way && ./way
cat forbidden >third && chmod 755 third && ./third
