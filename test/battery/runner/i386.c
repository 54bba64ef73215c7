/* Asks the kernel by its 32-bit entry point: ends with 0 where it answers, by SIGSEGV where it was built without one, or has it off (ia32_emulation=). */
int main(void)
{
	long result = 20; /* getpid */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result > 0 ? 0 : 1;
}
