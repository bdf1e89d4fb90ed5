"""How is a longer time told: months or years of landings, beside the published record?"""
