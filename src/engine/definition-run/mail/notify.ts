import { isAfterimageError, toErrorRecord } from '../../../base/errors.ts';
import type { BackupDefinition, Message } from '../../../definition/model.ts';
import { resolveParameters, type ParameterContext } from '../../../definition/parameters.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { MailPort } from '../run-ports.ts';

/** How a run of a definition went, as far as mail and scripts are concerned. */
export type RunOutcome =
	| { readonly kind: 'success' | 'warning'; readonly summary: string; readonly files: readonly string[] }
	| { readonly kind: 'failed'; readonly error: unknown };

const outcomeWords = { success: 'Success', warning: 'Success with warnings', failed: 'Failure' } as const;

/** Sends the mail that the definition wants for this outcome. Mail that cannot be sent is a warning of the run. */
export async function notify(
	definition: BackupDefinition,
	outcome: RunOutcome,
	facts: ParameterContext,
	logPath: string | undefined,
	mail: MailPort,
	context: JobContext,
): Promise<void> {
	const message = messageFor(definition, outcome);
	if (message === undefined) return;
	const resolved = (text: string) => resolveParameters(text, facts, definition);
	const recipients = message.recipients
		.split(/[;,]/)
		.map((recipient) => recipient.trim())
		.filter((recipient) => recipient !== '');
	try {
		await mail.send({
			server: definition.email.server,
			sender: definition.email.sender,
			recipients,
			subject: resolved(message.subject) || `${facts.computerName}: ${definition.name}: ${outcomeWords[outcome.kind]}`,
			text: resolved(message.content) || report(definition, outcome),
			attachment: message.attachLog ? logPath : undefined,
		});
		logInfo(context, `Mail was sent to ${recipients.join(', ')}`, 'Mail was sent');
	} catch (error) {
		const { message: reason, advice } = toErrorRecord(error);
		// Servers name accounts and recipients in what they answer.
		logWarning(context, `No mail was sent: ${reason}`, advice, 'No mail was sent');
	}
}

/** The message of an outcome, if it is wanted. A backup that found its folder in use was skipped. */
function messageFor({ email }: BackupDefinition, outcome: RunOutcome): Message | undefined {
	if (outcome.kind !== 'failed') {
		const message = email[outcome.kind];
		return message?.enable === true ? message : undefined;
	}
	const { failure } = email;
	if (failure?.enable !== true) return undefined;
	if (isAfterimageError(outcome.error, 'cancelled') && !failure.includeCancelled) return undefined;
	if (isAfterimageError(outcome.error, 'busy') && !failure.includeSkipped) return undefined;
	return failure;
}

function report(definition: BackupDefinition, outcome: RunOutcome): string {
	const head = `${definition.name}: ${outcomeWords[outcome.kind]}`;
	if (outcome.kind !== 'failed') return [head, '', outcome.summary, ...outcome.files, ''].join('\n');
	const { message, advice } = toErrorRecord(outcome.error);
	return [head, '', message, ...(advice === undefined ? [] : [advice]), ''].join('\n');
}
