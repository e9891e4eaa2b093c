/** A catalogue as a value. */
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyService } from '../validation/builders.ts'

export const anyCatalogue = (more: object = {}): Catalogue =>
  Catalogue.parse({ services: [anyService()], people: [anyPerson('olivia')], ...more })
