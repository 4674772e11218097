import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium, without the background traffic that a closed network would refuse. */
export function launchBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: process.env['AFTERIMAGE_CHROMIUM'] ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}
