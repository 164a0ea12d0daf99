/** Operations that tell of what is in a resource, or make it do something, rather than of the resource. */
const dataOperations = new Set(['lambda Invoke'])

/** Whether the operation's event is a data event (behaviour TRL-56); those of IAM, STS and Organizations never are. */
export function isDataEvent(service: string, operation: string): boolean {
  return dataOperations.has(`${service} ${operation}`)
}
