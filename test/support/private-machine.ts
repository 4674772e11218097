import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

export interface PrivateMachine {
	/** User of the machine who is no administrator, with this password. */
	readonly user: string;
	readonly uid: number;
	readonly password: string;
	readonly home: string;
	/** Runs a command as the user; what it says comes back. */
	as(command: readonly string[]): Promise<string>;
}

const user = 'afterimagetest';
const uid = 47_110;
const password = 'open sesame';

/**
 * This machine with a user of its own, who may use sudo with a password and pkexec by a rule: in mount, process and network
 * namespaces of their own, with files of their own over those of /etc and /run, so that the machine itself stays as it is.
 * @param folder for those files, removed by the caller
 * @param pkexec program that a rule of polkit lets the user run as root
 */
export async function privateMachine(folder: string, pkexec: string): Promise<PrivateMachine> {
	const home = join(folder, 'home');
	const over = join(folder, 'over');
	mkdirSync(home, { recursive: true });
	mkdirSync(over);
	const { stdout: hash } = await run('openssl', ['passwd', '-6', password]);
	const put = (name: string, text: string, mode: number) => writeFileSync(join(over, name), text, { mode });
	put('passwd', `${readFileSync('/etc/passwd', 'utf8')}${user}:x:${uid}:${uid}::${home}:/bin/sh\n`, 0o644);
	put('group', `${readFileSync('/etc/group', 'utf8')}${user}:x:${uid}:\n`, 0o644);
	put('shadow', `${readFileSync('/etc/shadow', 'utf8')}${user}:${hash.toString().trim()}:19000:0:99999:7:::\n`, 0o600);
	put('sudoers', `Defaults env_reset,use_pty\n${user} ALL=(root) ALL\n`, 0o440);
	put(
		'rules',
		`polkit.addRule(function (action, subject) {
	if (action.id == "org.freedesktop.policykit.exec" && subject.user == "${user}" && action.lookup("program") == "${pkexec}") {
		return polkit.Result.YES;
	}
});
`,
		0o644,
	);
	await run('chown', ['-R', `${uid}:${uid}`, home]);
	await run('chmod', ['755', folder, over]);
	writeFileSync(
		join(folder, 'enter.sh'),
		`set -e
mount --make-rprivate /
for name in passwd group shadow sudoers; do mount --bind ${over}/$name /etc/$name; done
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/user/${uid}
chown ${uid}:${uid} /run/user/${uid}
chmod 700 /run/user/${uid}
mount -t tmpfs tmpfs /etc/polkit-1/rules.d
cp ${over}/rules /etc/polkit-1/rules.d/49-test.rules
chmod 755 /etc/polkit-1/rules.d
dbus-daemon --system --fork > /dev/null
/usr/lib/polkit-1/polkitd --no-debug > /dev/null 2>&1 &
until dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner string:org.freedesktop.PolicyKit1 > /dev/null 2>&1; do sleep 0.1; done
cd ${home}
# pkexec serves nobody whose parent is process 1, so this shell stays.
setpriv --reuid=${uid} --regid=${uid} --init-groups --reset-env env XDG_RUNTIME_DIR=/run/user/${uid} HOME=${home} "$@"
`,
	);
	return {
		user,
		uid,
		password,
		home,
		async as(command) {
			// A process namespace ends everything in it, daemons too, when its first process does.
			const args = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', join(folder, 'enter.sh')];
			const { stdout } = await run('unshare', [...args, ...command]);
			return stdout.toString();
		},
	};
}
