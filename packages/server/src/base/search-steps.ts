/**
 * The most steps that a question about paths takes if it names no other number. To find everyone who can become an administrator takes
 * about 100,000 steps in an account of 20,000 users and roles, the paths of one principal less than 1,000.
 */
export const searchSteps = 2_000_000
