namespace OmniTools.Spending;

/// <summary>Where the price of a clip is from.</summary>
public enum PriceSource
{
    /// <summary>The price is not known.</summary>
    Unknown,
    /// <summary>The catalog's price table.</summary>
    PriceTable,
    /// <summary>The highest price paid for such a clip before.</summary>
    PaidBefore,
}
