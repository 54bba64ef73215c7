/* The control groups that hold the sandbox's limits. */
#ifndef WARDEN_GROUPS_H
#define WARDEN_GROUPS_H

#include <sys/types.h>

/* Opens a group by its cgroup.procs file; before the sandbox is started. 0 or -errno. */
int groups_add(const char *path);

/* Moves a process, and so all it will fork, into each group, and closes them: nothing leaves them again. 0 or -errno.
 */
int groups_join(pid_t pid);

#endif
