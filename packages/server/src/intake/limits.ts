/** Limits of imports, checked before anything is built. */
export const intakeLimits = {
  /** Bytes of one file. A dump of an account at AWS's highest quotas has some 60 MB. */
  fileBytes: 128 * 1024 * 1024,
  /** Bytes of all files of one import. */
  totalBytes: 1024 * 1024 * 1024,
  /** Files of one import. */
  files: 20_000,
  /** Folders below a folder that is named. */
  folderDepth: 8,
  /** Levels of nesting in a JSON file. */
  depth: 100,
  /** Characters of one policy document; AWS's longest have 20,480. */
  documentCharacters: 131_072,
  /** Accounts of one image. */
  accounts: 5_000,
  /** Things of one kind in one account. */
  things: 50_000,
  /** Policies, groups, tags or versions of one entity. */
  parts: 1_000,
  /** Characters of a name, path, ARN, tag or description. */
  text: 4_096,
  /** Characters of the metadata of a SAML provider. AWS takes 10,000,000. */
  metadata: 10_000_000,
} as const
