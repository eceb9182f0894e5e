export interface ProductOption {
  productOptionId: number
  optionName: string
  extraPrice: number
}

/** To `product/<productId>`. An option's unit price is the base price and its extra price. */
export type ProductCommand = {
  type: 'CreateProduct'
  productId: number
  name: string
  basePrice: number
  options: readonly ProductOption[]
}

export type ProductReply = { type: 'ProductCreated'; productId: number }
