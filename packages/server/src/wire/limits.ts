/** What a request may hold. The gate bounds the bytes of any request; these bound what they may mean. */
export const limits = {
  /** A body of the query protocols: the longest policy documents, each byte percent-encoded, several of them. */
  formBytes: 4 << 20,
  /** Parameters of one form. A list of 10,000 members is read, and then refused by its own constraint. */
  formParameters: 21_000,
  /** Names, and parts of names before a dot, that differ. 10,000 tags are 30,001. */
  formNodes: 40_000,
  /** Dots in a parameter's name. */
  formDepth: 32,
  /** A body of the awsJson protocols. */
  jsonBytes: 4 << 20,
  /** A body of the REST protocols: a Lambda function's zip of 50 MB in base64. */
  restBytes: 72 << 20,
  /** Values in one JSON text: members, items, objects and lists. */
  jsonValues: 100_000,
  /** Tags, texts and comments in one XML text. */
  xmlTokens: 50_000,
  /** Brackets open at once in a JSON text, elements in an XML text. */
  depth: 100,
  /** Failed constraints that one answer tells. */
  failures: 50,
  /** Characters of a value that a constraint's text repeats. */
  valueLength: 4096,
  /** Characters of a value that a pattern is tried on. Policy documents have up to 131,072. */
  patternLength: 262_144,
} as const
