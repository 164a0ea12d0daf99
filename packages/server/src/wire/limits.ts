/** Limits of a request's content. The gate limits the bytes of any request. */
export const limits = {
  /** Bytes of a body of the query protocols: several of the longest policy documents, percent-encoded. */
  formBytes: 4 << 20,
  /** Parameters of a form. A list of 10,000 members is read, and then refused by its own constraint. */
  formParameters: 21_000,
  /** Different names, and parts of names before a dot. 10,000 tags have 30,001. */
  formNodes: 40_000,
  /** Dots in the name of a parameter. */
  formDepth: 32,
  /** Bytes of a body of the awsJson protocols. */
  jsonBytes: 4 << 20,
  /** Bytes of a body of the REST protocols: a Lambda function's zip of 50 MB in base64. */
  restBytes: 72 << 20,
  /** Values in a JSON text: members, items, objects and lists. No operation of these APIs takes as many. */
  jsonValues: 5_000,
  /** Characters of a JSON text that are in no string, such as blanks and digits. */
  jsonOutside: 1 << 20,
  /** Tags, texts and comments in an XML text. */
  xmlTokens: 50_000,
  /** References such as `&amp;` in an XML text. */
  xmlReferences: 50_000,
  /** Nested brackets in a JSON text, and nested elements in an XML text. */
  depth: 100,
  /** Violations in one answer (behaviour WIRE-91). */
  failures: 10,
  /** Characters of a value that a constraint's message repeats. */
  valueLength: 4096,
  /** Characters of a value that a pattern is tried on. Policy documents have up to 131,072. */
  patternLength: 262_144,
} as const
