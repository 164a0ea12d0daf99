/** Lambda's event names end in the API version that introduced the operation (behaviour TRL-16). */
const datedNames: Readonly<Record<string, string>> = {
  'lambda AddPermission': 'AddPermission20150331v2',
  'lambda CreateAlias': 'CreateAlias20150331',
  'lambda CreateEventSourceMapping': 'CreateEventSourceMapping20150331',
  'lambda CreateFunction': 'CreateFunction20150331',
  'lambda DeleteAlias': 'DeleteAlias20150331',
  'lambda DeleteEventSourceMapping': 'DeleteEventSourceMapping20150331',
  'lambda DeleteFunction': 'DeleteFunction20150331',
  'lambda DeleteFunctionConcurrency': 'DeleteFunctionConcurrency20171031',
  'lambda GetAccountSettings': 'GetAccountSettings20160819',
  'lambda GetAlias': 'GetAlias20150331',
  'lambda GetFunction': 'GetFunction20150331v2',
  'lambda GetFunctionConfiguration': 'GetFunctionConfiguration20150331v2',
  'lambda GetPolicy': 'GetPolicy20150331v2',
  'lambda ListAliases': 'ListAliases20150331',
  'lambda ListEventSourceMappings': 'ListEventSourceMappings20150331',
  'lambda ListFunctions': 'ListFunctions20150331',
  'lambda ListLayers': 'ListLayers20181031',
  'lambda ListTags': 'ListTags20170331',
  'lambda ListVersionsByFunction': 'ListVersionsByFunction20150331',
  'lambda PublishLayerVersion': 'PublishLayerVersion20181031',
  'lambda PublishVersion': 'PublishVersion20150331',
  'lambda PutFunctionConcurrency': 'PutFunctionConcurrency20171031',
  'lambda RemovePermission': 'RemovePermission20150331v2',
  'lambda TagResource': 'TagResource20170331v2',
  'lambda UntagResource': 'UntagResource20170331v2',
  'lambda UpdateAlias': 'UpdateAlias20150331',
  'lambda UpdateEventSourceMapping': 'UpdateEventSourceMapping20150331',
  'lambda UpdateFunctionCode': 'UpdateFunctionCode20150331v2',
  'lambda UpdateFunctionConfiguration': 'UpdateFunctionConfiguration20150331v2',
}

/** Returns the event name of an operation: its own name, except for Lambda. */
export function eventNameOf(service: string, operation: string): string {
  return datedNames[`${service} ${operation}`] ?? operation
}
