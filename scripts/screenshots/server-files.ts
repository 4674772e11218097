import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from '../make-demo-disk.ts';

const caddyfile = `cloud.example.org {
	reverse_proxy cloud:80
}
`;

const compose = `# The services of this house.
services:
  cloud:
    image: nextcloud:31-apache
    restart: unless-stopped
    depends_on: [db]
    volumes:
      - /srv/cloud:/var/www/html
    environment:
      POSTGRES_HOST: db
      OVERWRITEPROTOCOL: https

  db:
    image: postgres:16-alpine
    restart: unless-stopped
    volumes:
      - /srv/db:/var/lib/postgresql

  web:
    image: caddy:2.10
    ports: ["80:80", "443:443"]
    volumes:
      - /srv/www:/usr/share/caddy
`;

/** Path of the file that {@link upgradeServer} changes. */
export const upgraded = 'srv/compose.yaml';

const files = new Map([
	['etc/fstab', 'LABEL=DEMO-ROOT / ext4 defaults 0 1\nLABEL=DEMO-BOOT /boot/efi vfat umask=0077 0 1\n'],
	['etc/hostname', 'home-server\n'],
	['etc/hosts', '127.0.0.1 localhost\n127.0.1.1 home-server\n'],
	['srv/Caddyfile', caddyfile],
	[upgraded, compose],
]);

/** Fills an ext4 partition with what a person's server has. @param volume as debugfs names it @param daysAgo age of the files */
export function makeServerFiles(volume: string, daysAgo: number): void {
	change(volume, ['mkdir etc', 'mkdir srv', 'symlink etc/localtime /usr/share/zoneinfo/Europe/Berlin']);
	for (const [path, text] of files) write(volume, path, text, daysAgo);
}

/** What an upgrade of the server's programs changes. */
export function upgradeServer(volume: string, daysAgo: number): void {
	const text = compose
		.replace('nextcloud:31-apache', 'nextcloud:32-apache')
		.replace('OVERWRITEPROTOCOL: https', 'OVERWRITEPROTOCOL: https\n      PHP_MEMORY_LIMIT: 1G');
	change(volume, [`rm ${upgraded}`]);
	write(volume, upgraded, text, daysAgo);
}

function write(volume: string, path: string, text: string, daysAgo: number): void {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-files-'));
	try {
		const file = join(folder, 'file');
		writeFileSync(file, text);
		const [parent, name] = path.split('/');
		const modified = Math.floor(Date.now() / 1000) - daysAgo * 24 * 60 * 60;
		change(volume, [`cd ${parent}`, `write ${file} ${name}`, `set_inode_field ${name} mtime @${modified}`]);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Gives debugfs requests, one after another. */
function change(volume: string, requests: readonly string[]): void {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-files-'));
	try {
		const file = join(folder, 'requests');
		writeFileSync(file, `${requests.join('\n')}\n`);
		tool('debugfs', '-w', '-f', file, volume);
	} finally {
		rmSync(folder, { recursive: true });
	}
}
