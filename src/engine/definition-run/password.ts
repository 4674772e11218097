import { closeSync, constants, openSync, readSync } from 'node:fs';
import { AfterimageError } from '../../base/errors.ts';
import type { Encryption } from '../../definition/model.ts';
import { openFailure } from '../ports/system-errors.ts';
import type { PermissionPort } from './run-ports.ts';

/** Longest password that is taken from a file, in bytes. */
const longest = 4096;

/**
 * The password of a run; undefined when its images are not encrypted. One that was given with the request goes before
 * what the definition says.
 * @throws AfterimageError `password-needed` naming where it was looked for, `permission-denied`
 */
export function passwordFor(
	encryption: Encryption,
	given: string | undefined,
	env: NodeJS.ProcessEnv,
	permissions: PermissionPort,
): string | undefined {
	const { aesType, passwordSource, passwordName } = encryption;
	if (aesType === 'none') return undefined;
	if (given !== undefined && given !== '') return given;
	switch (passwordSource) {
		case 'environment': {
			const value = passwordName === undefined ? undefined : env[passwordName];
			if (value !== undefined && value !== '') return value;
			throw needed(`The password is expected in the variable ${passwordName ?? ''}, which is not set`);
		}
		case 'file':
			if (passwordName === undefined) throw needed('The definition does not name the file of the password');
			return passwordFromFile(passwordName, permissions);
		case 'secret_storage':
			throw needed('The password is kept by the editor, which did not give it');
		case 'prompt':
			throw needed('The backup is encrypted and nobody was asked for the password');
	}
}

/** The first line of a file that others cannot read. */
function passwordFromFile(path: string, permissions: PermissionPort): string {
	const objection = permissions.readableByOthers(path) ?? permissions.writableByOthers(path);
	if (objection !== undefined) {
		throw new AfterimageError('permission-denied', `Others may use the file of the password: ${objection}`, {
			advice: `chmod 600 ${path}`,
			details: { path },
		});
	}
	let text: string;
	try {
		const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		try {
			const bytes = Buffer.alloc(longest);
			text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, longest, 0));
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
	const password = text.split(/\r?\n/, 1)[0]!;
	if (password === '') throw needed(`The first line of ${path} is empty`);
	return password;
}

function needed(message: string): AfterimageError {
	return new AfterimageError('password-needed', message, { advice: 'Give it with --password-file, or when asked.' });
}
