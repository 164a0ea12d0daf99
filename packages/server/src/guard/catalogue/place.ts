/** Where a call is made: what its ARNs hold beside its own parameters. */
export interface Place {
  readonly account: string
  readonly region: string
  readonly partition: string
}
