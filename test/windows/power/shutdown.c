#include <stdio.h>
#include <stdlib.h>

/* Stands in for shutdown.exe: adds what it was asked to C:\asked, and ends as FAKE_SHUTDOWN_CODE says. */
int main(int count, char **words)
{
	const char *code = getenv("FAKE_SHUTDOWN_CODE");
	FILE *asked = fopen("C:\\asked", "a");
	if (asked == NULL)
		return 99;
	for (int i = 1; i < count; i++)
		fprintf(asked, i == 1 ? "%s" : " %s", words[i]);
	fputs("\n", asked);
	fclose(asked);
	return code == NULL ? 0 : atoi(code);
}
