/** The account and region in which every local cloud says it stands. */
export const localAccount = '123456789012'
export const localRegion = 'eu-central-1'
