// WGSL in tokens, as far as colours tell them apart.

/** What a stretch of text is; `text` for all that has no colour of its own. */
export type TokenKind = (typeof COLOURED)[number] | 'text';

const COLOURED = ['comment', 'attribute', 'number', 'keyword', 'type', 'function'] as const;

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const KEYWORDS =
  'alias|break|case|const|const_assert|continue|continuing|default|diagnostic|discard|else|enable|false|fn|for|if|let|loop|override|requires|return|struct|switch|true|var|while';
const TYPES =
  'array|atomic|bool|f16|f32|i32|u32|ptr|vec[234](?:[fhiu])?|mat[234]x[234](?:[fh])?|storage|uniform|workgroup|private|function|read|write|read_write';

/** One alternative for each kind, tried in this order at each place. */
const PATTERN = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<attribute>@\w+)`,
    String.raw`(?<number>\b(?:0[xX][\da-fA-F]+[iu]?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fhiu]?)\b)`,
    String.raw`(?<keyword>\b(?:${KEYWORDS})\b)`,
    String.raw`(?<type>\b(?:${TYPES})\b)`,
    String.raw`(?<function>\b[a-zA-Z_]\w*(?=\s*\())`,
  ].join('|'),
  'g',
);

/** The tokens of a text; joined, they are the text again. */
export function wgslTokens(code: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(PATTERN)) {
    if (match.index > end) {
      tokens.push({ kind: 'text', text: code.slice(end, match.index) });
    }
    const kind = COLOURED.find((name) => match.groups?.[name] !== undefined) ?? 'text';
    tokens.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) {
    tokens.push({ kind: 'text', text: code.slice(end) });
  }
  return tokens;
}
