/** Bytes as digits. */
export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
