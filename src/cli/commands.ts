import type { Command } from './command.ts';
import { disksCommand } from './commands/disks.ts';
import { imageCommand } from './commands/image.ts';
import { inspectCommand } from './commands/inspect.ts';
import { mergeCommand } from './commands/merge.ts';
import { purgeCommand } from './commands/purge.ts';
import { restoreCommand } from './commands/restore.ts';
import { setsCommand } from './commands/sets.ts';
import { verifyCommand } from './commands/verify.ts';

/** In the order in which the help lists them. */
export const commands: readonly Command[] = [
	disksCommand,
	imageCommand,
	inspectCommand,
	verifyCommand,
	restoreCommand,
	setsCommand,
	mergeCommand,
	purgeCommand,
];
