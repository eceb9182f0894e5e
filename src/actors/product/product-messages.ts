import type { Rejected } from '../../refusal.ts'

export type ProductOption = {
  productOptionId: number
  optionName: string
  extraPrice: number
}

/** To `product/<productId>`. An option's unit price is the base price and its extra price. */
export type ProductCommand =
  | {
      type: 'CreateProduct'
      productId: number
      name: string
      basePrice: number
      options: readonly ProductOption[]
      /** Its options are there from now on with 0 units; without it each is unknown to the stock until it is restocked. */
      opensStock?: true
    }
  /** Of a change only what it names is changed, so that two at once both stand. Placed orders keep their prices. */
  | { type: 'ChangeProduct'; name?: string | undefined; basePrice?: number | undefined }
  | ({ type: 'AddOption' } & ProductOption)
  | {
      type: 'ChangeOption'
      productOptionId: number
      optionName?: string | undefined
      extraPrice?: number | undefined
    }

type ProductTold = {
  productId: number
  name: string
  basePrice: number
  options: readonly ProductOption[]
}

export type ProductReply =
  | ({ type: 'ProductCreated' } & ProductTold)
  | ({ type: 'ProductChanged' } & ProductTold)
  | ({ type: 'OptionAdded'; productId: number } & ProductOption)
  | ({ type: 'OptionChanged'; productId: number } & ProductOption)
  | Rejected<'ChangeProduct'>
  | Rejected<'AddOption'>
  | Rejected<'ChangeOption'>
