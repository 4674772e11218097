export const imageExtension = '.mrimgx';

/**
 * Name of an image file: `baseName-XX-YY.mrimgx`, both numbers with at least two digits (image format, file names).
 * Names help people; the truth stands in `$JSON`.
 */
export function imageFileName(baseName: string, incrementNumber: number, fileNumber: number): string {
	return `${baseName}-${twoDigits(incrementNumber)}-${twoDigits(fileNumber)}${imageExtension}`;
}

function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}
