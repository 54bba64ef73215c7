# technique: reads a credential of the user out of the environment that leash was started with
# source: reference study 1.7; ast-probe, environment secrets
# success: the neighbour's secret, in leash's environment by the name of a credential, on the output
# control: outside
# beside: neighbour
env
cat /proc/1/environ /proc/$$/environ /proc/$PPID/environ
