/** What has no meaning beyond being the same elsewhere: ids, tokens, and positions in the history. */
const random =
  /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:AIDA|AROA|AKIA|ASIA|ANPA|AIPA|AGPA)[A-Z0-9]{12,}|(?:a|d|o|r|ou|p|i|vpc|subnet|sg|eni|ssoins)-[0-9a-z]{4,}(?:-[0-9a-z]{8})?|[0-9a-z]{24,26})|(?<![\w+/=-])[\w+/=-]{40,}|(?<="(?:place|position|newest|before)":")[^"]+|(?<= (?:place|position|newest|before): ")[^"]+/g

/** Gives each random text of a corpus a number, in the order in which they come. */
export class Names {
  readonly #numbers = new Map<string, number>()

  numbered(line: string): string {
    return line.replaceAll(random, (text) => {
      const number = this.#numbers.get(text) ?? this.#numbers.size + 1
      this.#numbers.set(text, number)
      return `${/^A[A-Z]{3}(?=[A-Z0-9]{12})/.exec(text)?.[0] ?? '#'}${number}`
    })
  }
}
