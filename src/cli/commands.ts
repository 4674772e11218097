import type { Command } from './command.ts';
import { backupCommand } from './commands/backup.ts';
import { definitionCommand } from './commands/definition.ts';
import { disksCommand } from './commands/disks.ts';
import { dueCommand } from './commands/due.ts';
import { extractCommand } from './commands/extract.ts';
import { filesCommand } from './commands/files.ts';
import { imageCommand } from './commands/image.ts';
import { inspectCommand } from './commands/inspect.ts';
import { mergeCommand } from './commands/merge.ts';
import { mountCommand } from './commands/mount.ts';
import { planCommand } from './commands/plan.ts';
import { purgeCommand } from './commands/purge.ts';
import { recoverCommand } from './commands/recover.ts';
import { rescueCommand } from './commands/rescue.ts';
import { restoreCommand } from './commands/restore.ts';
import { runsCommand } from './commands/runs.ts';
import { serveCommand } from './commands/serve.ts';
import { setsCommand } from './commands/sets.ts';
import { validateCommand } from './commands/validate.ts';
import { verifyCommand } from './commands/verify.ts';

/** In the order in which the help lists them. */
export const commands: readonly Command[] = [
	disksCommand,
	imageCommand,
	inspectCommand,
	verifyCommand,
	restoreCommand,
	recoverCommand,
	rescueCommand,
	filesCommand,
	extractCommand,
	mountCommand,
	serveCommand,
	setsCommand,
	mergeCommand,
	purgeCommand,
	backupCommand,
	validateCommand,
	planCommand,
	dueCommand,
	runsCommand,
	definitionCommand,
];
