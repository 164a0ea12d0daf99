/**
 * The keys of AI services that an opt-out policy can name (behaviour ORG-124). The guide, its examples and recordings
 * confirm the first ones; the rest is assumed.
 */
export const aiServices: ReadonlySet<string> = new Set([
  'default',
  'aidevops',
  'aiops',
  'awssupplychain',
  'chimesdkvoiceanalytics',
  'cloudwatch',
  'codewhisperer',
  'comprehend',
  'connect',
  'lex',
  'rekognition',
  // assumed
  'codeguruprofiler',
  'connectamd',
  'connectoptimization',
  'contactlens',
  'datazone',
  'dms',
  'entityresolution',
  'frauddetector',
  'glue',
  'guardduty',
  'polly',
  'q',
  'quicksightq',
  'securityir',
  'securitylake',
  'textract',
  'transcribe',
  'transform',
  'translate',
])
