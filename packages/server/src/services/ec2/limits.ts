/** AWS's default quotas, and limits of our own where AWS counts what does not exist here (vCPUs). */
export const limits = {
  instancesPerCall: 1_000,
  instancesPerRegion: 5_000,
  vpcsPerRegion: 5,
  subnetsPerVpc: 200,
  groupsPerRegion: 2_500,
  rulesPerGroup: 60,
  groupsPerInterface: 5,
  interfacesPerInstance: 15,
  volumesPerInstance: 40,
  keyPairsPerRegion: 5_000,
  imagesPerRegion: 1_000,
  templatesPerRegion: 5_000,
  versionsPerTemplate: 10_000,
  /** Characters of a version's data as JSON. */
  templateData: 65_536,
  tagsPerResource: 50,
  clientToken: 64,
  /** GiB. */
  volumeSize: 65_536,
  /** Bytes before base64. */
  userDataBytes: 16_384,
  filters: 50,
  filterValues: 200,
  filterValueLength: 1_024,
  idsPerCall: 1_000,
  pageSize: 1_000,
  /** How long a terminated instance is still listed, in milliseconds. */
  terminatedKept: 3_600_000,
} as const
