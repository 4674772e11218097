/** Characters that are not seen but do something where a text is shown: they steer a terminal, end a line or turn text around. */
export const unseen = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
